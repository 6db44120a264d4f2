"""`python -m keras_ascii_tools`: the command."""

import sys

from keras_ascii_tools.cli import main

sys.exit(main())
