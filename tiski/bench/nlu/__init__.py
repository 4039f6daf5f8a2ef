"""./scripts/bench-nlu: understanding beside the yardsticks, on own and public data, in one run."""
