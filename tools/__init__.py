"""The project's own tools: pictures, prices, benchmarks, and a check that every layer of tests ran."""
