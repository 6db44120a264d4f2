"""What drawing costs, and how its layouts compare: `python -m benchmarks`. Each measurement is one module."""
