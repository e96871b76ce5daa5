#include "daemon/cli/mosquitto_configuration.hpp"

#include <doctest/doctest.h>

using namespace muster::cli;

TEST_CASE("mosquitto.conf: the last one holds, comments do not count") {
    MosquittoConfiguration read;
    read_mosquitto_configuration("# max_queued_messages 5\npersistence true\n  max_queued_messages 7\n",
                                 read);
    CHECK(read == MosquittoConfiguration{7});
    read_mosquitto_configuration("max_queued_messages\t0\ninclude_dir /etc/mosquitto/conf.d", read);
    CHECK(read == MosquittoConfiguration{0, "/etc/mosquitto/conf.d"});
    read_mosquitto_configuration("max_queued_messages many\nmax_queued_bytes 9\nmax_queued_messages_x 3",
                                 read);
    CHECK(read.queued_messages == 0);
}

TEST_CASE("the limit of open files is the soft one") {
    CHECK(descriptor_limit("Limit                     Soft Limit           Hard Limit           Units\n"
                           "Max open files            1024                 524288               files\n") ==
          1024);
    CHECK_FALSE(
        descriptor_limit("Max open files            unlimited            unlimited            files\n"));
    CHECK_FALSE(descriptor_limit(""));
}

TEST_CASE("the file that a Mosquitto was started with") {
    using namespace std::string_literals;
    CHECK(configuration_argument("/usr/sbin/mosquitto\0-c\0/etc/mosquitto/mosquitto.conf\0"s) ==
          "/etc/mosquitto/mosquitto.conf");
    CHECK(configuration_argument("mosquitto\0-v\0--config-file\0/a b\0"s) == "/a b");
    CHECK(configuration_argument("mosquitto\0-c\0mosquitto.conf\0"s).empty());
    CHECK(configuration_argument("mosquitto\0-p\0"s).empty());
}
