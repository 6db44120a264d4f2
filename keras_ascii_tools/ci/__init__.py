"""Reviews of changes in CI: which models changed, one report of them, one comment that is kept up to date.

Knows no layouts and no rows.
"""

from __future__ import annotations
