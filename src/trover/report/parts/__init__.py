"""The fourteen parts of a tracing exhibit, one module for each or for a few short ones."""
