"""Makes a draft for a pyramid from the models one has: prune, trim, distil, export."""
