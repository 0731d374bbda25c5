"""What others say of addresses: labels, actors, lists of sanctions, taxonomies. Assertions, never facts of a chain."""
