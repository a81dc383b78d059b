"""The solver says nothing on standard output, which belongs to answers."""

import subprocess
import sys


def test_the_first_solver_of_a_process_prints_nothing():
    """The banner goes nowhere, and what the program prints before and after it still comes out."""
    code = (
        "import numpy as np\n"
        "from morgen.models.siting import locate\n"
        "print('before')\n"
        "locate(np.array([[1.0, 2.0], [2.0, 1.0]]), k=1, objective='median')\n"
        "from morgen.models.highs import quiet_solver\n"
        "quiet_solver().run()\n"
        "print('after')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "before\nafter\n"
