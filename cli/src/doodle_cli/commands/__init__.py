"""The commands: each reads its options, calls the rest of the package, and shows what came of it."""
