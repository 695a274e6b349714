// `igrot train --dry-run`: what a run would find and do.
#pragma once

#include "session.h"
#include "train/config.h"

namespace igrot::app {

/// Reads model and data of a configuration, looks for every picture, prints
/// what is there, and returns the exit code. out: where the page with samples
/// goes; empty: no page. Throws Error: as a run would before its first step.
int run_dry(const Session& session, const TrainConfig& config,
            const std::filesystem::path& out);

}  // namespace igrot::app
