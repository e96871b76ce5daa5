// What happens, told as it happens, for those who watch (the event stream of
// HTTP). Events are whole: each says how things are now, so that one that was
// missed is made up for by the next of its kind.
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

namespace muster::api {

// The kinds of event:
//   job          the job as in job/list
//   job-deleted  {"job"}
//   devices      {"total","online","changed":[{"device","online"}],"more"}
//   registry     {"kind":"device"|"set"|"template","name"}; an empty name: several, look again
//   reset        {}: what was told may not hold any more, look at everything again
//   gateway      {"version","started_at","broker","store","readiness"} as in status
class Feed {
public:
    virtual ~Feed() = default;
    // Of what is durable. Called on the engine thread, seldom enough for a person
    // to follow: what moves faster is told together.
    virtual void tell(std::string_view event, boost::json::object data) = 0;
};

}  // namespace muster::api
