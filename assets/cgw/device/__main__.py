"""Entry point of the zip: ``python3 device.zip status``."""

import sys

from cgw_device.command_line import main

sys.exit(main(sys.argv[1:]))
