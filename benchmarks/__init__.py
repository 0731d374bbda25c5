"""What is fast and how we know: every figure beside a peer or a limit, measured in one run."""
