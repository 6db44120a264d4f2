"""All rules, by id: for help and documentation."""

from __future__ import annotations

from typing import Final

from keras_ascii_tools.check.config_rules import CODE_RULES, NUMBER_RULES, OBJECT_RULES
from keras_ascii_tools.check.findings import Rule
from keras_ascii_tools.check.graph_rules import GRAPH_RULES
from keras_ascii_tools.check.storage_rules import (
    AMBIGUOUS,
    ARRAY_RULES,
    LINK_RULES,
    MEMBER_RULES,
    PICKLED,
    PREFIX,
)
from keras_ascii_tools.check.text_rules import NAME_RULES, TEXT_RULES

__all__ = ["RULES"]

RULES: Final[dict[str, Rule]] = {
    rule.id: rule
    for table in (
        CODE_RULES,
        OBJECT_RULES,
        NUMBER_RULES,
        NAME_RULES,
        TEXT_RULES,
        (AMBIGUOUS, PREFIX, PICKLED),
        MEMBER_RULES,
        LINK_RULES,
        ARRAY_RULES,
        GRAPH_RULES,
    )
    for rule in table
}
"""In the order of the tables."""
