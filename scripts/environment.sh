# Sourced by the other scripts: finds Python 3.10, makes .venv from requirements.lock, and goes to
# the project's root. Newer Pythons will not do: pip would take an old Rasa and break.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export RASA_TELEMETRY_ENABLED=false          # nobody is told what you do here
export SQLALCHEMY_SILENCE_UBER_WARNING=1     # Rasa pins SQLAlchemy 1.4; its advice on 2.0 is moot
export TF_CPP_MIN_LOG_LEVEL=3                # TensorFlow's notes on graphics cards
export PYTHONWARNINGS="${PYTHONWARNINGS:-ignore::DeprecationWarning}"

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

# Print a Python 3.10, or nothing.
find_python() {
  local candidate
  for candidate in "$(command -v python3.10 || true)" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python \
    "$(command -v python3 || true)" \
    "$(command -v uv >/dev/null && uv python find --no-project 3.10 2>/dev/null || true)"; do
    # pyenv's shims exist for versions that are not active, so ask before believing
    if [ -x "$candidate" ] &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  if command -v uv >/dev/null && uv python install --quiet 3.10 2>/dev/null; then
    uv python find --no-project 3.10
  fi
}

# Make .venv, or bring it up to date after the lock changed. Takes a moment only then.
ensure_environment() {
  local mark=.venv/.made-from python lock
  lock=$(cksum <requirements.lock)
  [ -f "$mark" ] && [ "$(cat "$mark")" = "$lock" ] && return
  echo "Setting up Python packages (.venv), once …" >&2
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python)
    [ -n "$python" ] || fail "needs Python 3.10, which Rasa 3.6 requires. Install it" \
      "(apt install python3.10, brew install python@3.10, pyenv install 3.10) or install uv."
    "$python" -m venv .venv || fail "$python cannot make a virtual environment;" \
      "on Debian and Ubuntu: apt install python3.10-venv"
  fi
  # uv comes from the lock as well, with its hashes, and installs the rest in seconds
  if [ ! -x .venv/bin/uv ]; then
    local uv_lines
    uv_lines=$(mktemp)
    awk '/^uv==/ {on=1} on {print} on && !/\\$/ {exit}' requirements.lock >"$uv_lines"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      -r "$uv_lines" || fail "could not install uv; is the package index reachable?"
    rm -f "$uv_lines"
  fi
  VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes \
    requirements.lock || fail "could not install the packages of requirements.lock"
  local packages
  packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  # Stock commands in this environment (rasa train, rasa shell, …) tell nobody what you do, either
  echo 'import os; os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")' >"$packages/tiski.pth"
  # A plain `rasa test` looks for stories in every folder below, and would take Rasa's examples
  rm -f "$packages/rasa/cli/initial_project/tests/test_stories.yml"
  echo "$lock" >"$mark"
}
