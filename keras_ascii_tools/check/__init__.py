"""What is dangerous or doubtful in a saved model, found without running anything of it.

Another rule: a line in a table of `config_rules.py` (JSON), `text_rules.py` (names and texts), `storage_rules.py`
(archives, folders, HDF5) or `graph_rules.py` (SavedModel), and a test that it finds what it is for.
"""

from keras_ascii_tools.check.checking import check_source
from keras_ascii_tools.check.findings import DANGER, DOUBT, Finding, Place, Report, Rule, Severity, Unread
from keras_ascii_tools.check.rules import RULES
from keras_ascii_tools.check.writing import report_lines, reports_to_json

__all__ = [
    "DANGER",
    "DOUBT",
    "RULES",
    "Finding",
    "Place",
    "Report",
    "Rule",
    "Severity",
    "Unread",
    "check_source",
    "report_lines",
    "reports_to_json",
]
