"""The small languages inside a snapshot drawing, both ways: text <-> data. Specified in `docs/notation.md`.

Shared by the writer and the reader of drawings, which know nothing of each other.
"""
