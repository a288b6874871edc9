// After a crash: the stage tells which way to go on.
#include "engine/mysql/in_place/exchange.hpp"
#include "engine/mysql/in_place/steps.hpp"
#include "engine/mysql/swap_session.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

/// Live came back, and why is told; any other failure is for another try.
Settled forward_or_back(const Server& server, InPlaceSteps& steps) {
  try {
    steps.go_forward();
    return Settled::done;
  } catch (const Error& error) {
    if (steps.stage().get() != Stage::none) throw;
    server.notice(std::string("an interrupted exchange was taken back: ") + error.what());
    return Settled::not_done;
  }
}

/// Without a stage nothing was dropped yet, or everything is done.
Settled at_an_end(const ImageFolder& folder, const InPlacePlan& plan, bool elsewhere) {
  const ParkedName outgoing(plan.outgoing);
  const bool waits = folder.has(ParkedName(plan.incoming));
  if (waits) folder.remove(outgoing);
  const bool done = !waits && (!elsewhere || folder.has(outgoing));
  return done ? Settled::done : Settled::not_done;
}

Settled go_on(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
              InPlaceSteps& steps) {
  switch (steps.stage().get()) {
    case Stage::dropping:
      steps.undo_drop();
      return Settled::not_done;
    case Stage::building_outgoing:
    case Stage::revealing_outgoing:
      steps.go_back();
      return Settled::not_done;
    default:
      if (folder.has(ParkedName(plan.incoming))) return forward_or_back(server, steps);
      steps.finish();
      return Settled::done;
  }
}

}  // namespace

Settled settle_in_place(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
                        bool elsewhere) {
  Connection connection = server.connect();
  if (server_identity(connection) != plan.server) {
    throw Error(ErrorKind::engine, server.info().server() +
                                       " is another server than the one on which an exchange of " +
                                       plan.live + " was interrupted")
        .hint("start that server again under the same address");
  }
  end_swap_session(connection, swap_lock(plan), plan.live, server.context().busy_timeout);
  if (StageFile(folder, ParkedName(plan.outgoing)).get() == Stage::none) {
    return at_an_end(folder, plan, elsewhere);
  }
  LiveHold hold(server, swap_lock(plan), server.context().connections);
  InPlaceSteps steps(hold, folder, plan);
  const Settled settled = go_on(server, folder, plan, steps);
  hold.report();
  return settled;
}

}  // namespace quemsi::mysql_engine
