// How jemalloc, which musterd is linked with, is set up: it reads this before main().
//
// Paho's threads allocate each message and the engine's frees it, so that glibc's caches
// of the one are always full and of the other always empty. jemalloc passes memory on in
// batches. Two arenas, for there are about as many threads that allocate at once; pages that
// were freed go back soon, since a job or a list may have held many and the next is far off.
extern "C" {
// NOLINTNEXTLINE(readability-identifier-naming): the name is jemalloc's
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:100,muzzy_decay_ms:0";
}
