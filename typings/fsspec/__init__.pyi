# fsspec has no types. This placeholder makes it `Any`, for the type checkers the same whether fsspec is installed or not.
from typing import Any

def __getattr__(name: str) -> Any: ...
