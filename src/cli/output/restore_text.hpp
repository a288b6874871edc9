// What a restore, an undo or a deletion is about to do, and what it did.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

/// Targets first, then what is kept and how to take it back.
std::string plan_text(const RestorePlan& plan);
std::string undo_plan_text(const UndoPlan& plan);
std::string delete_plan_text(const DeletePlan& plan, Timestamp now);
std::string result_text(const RestoreResult& result);
std::string elsewhere_text(const ElsewhereResult& result);
std::string temporaries_text(const std::vector<TemporaryDatabase>& databases, Timestamp now);

}  // namespace quemsi::cli
