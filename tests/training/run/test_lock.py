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
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(TrainingError, match="Another process is training"), lock_run(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with lock_run(tmp_path):
        assert (tmp_path / ".lock").exists()
