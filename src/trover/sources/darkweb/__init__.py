"""Pages and listings of dark markets, as they were saved: what stands in them, and where."""
