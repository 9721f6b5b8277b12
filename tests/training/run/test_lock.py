import subprocess
import sys
from pathlib import Path

import pytest

from painting.errors import TrainingError
from painting.training.run.lock import lock_run

HOLD = "import sys, time; from pathlib import Path; from painting.training.run.lock import lock_run\n" + (
    "with lock_run(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def test_a_second_training_in_a_run_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    line = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TrainingError, match="Another process is training"), lock_run(tmp_path):
            pass
        holder.kill()
    with lock_run(tmp_path):
        assert (tmp_path / ".lock").exists()
