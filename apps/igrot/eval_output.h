// What `igrot eval` tells: tables for people, and documents for programs.
#pragma once

#include "eval/tables.h"
#include "output.h"

namespace igrot::app {

/// The table in columns, every line ended; empty without rows.
std::string table_text(const EvalTable& table);

/// {"columns", "rows"}: names such as "seen mAP"; numbers as they are in the
/// table, null where there is nothing.
Json table_json(const EvalTable& table);

/// {"line-noto/seen/image/mAP": 29.9, ...}, every metric of every group, and
/// its number of questions as "n". Where all questions were asked as one task
/// in one way, also by their names alone: {"mAP": 29.9, ...}.
Json metrics_json(const std::vector<EvalGroup>& groups);

/// Which pictures the rows and columns of a task's scores are of:
/// {"gallery": [file], "questions": [{"id", "picture", "text", "split",
/// "kinds", "relevant", "removed"}]}.
Json task_json(const EvalTask& task);

}  // namespace igrot::app
