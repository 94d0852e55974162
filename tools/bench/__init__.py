"""Benchmarks. Each saves its numbers in docs/bench and writes its section of docs/benchmarks.md."""
