#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what her2 needs on Debian 12, as root or by sudo. Does nothing, and fast, when everything is there.
#   install-deps.sh             compiler, CMake, libraries, GoogleTest
#   install-deps.sh --checks    and clang with its tools: format, tidy, sanitizers, fuzzing
#   install-deps.sh --peers     and independent programs that tests and benchmarks compare with
#   install-deps.sh --spatial   and GeoPandas, scanpy and squidpy for tests/system/cells_spatial.py: 1.4 GB, minutes
#   HER2_SKIP_DEPS=1            leave the machine as it is
set -euo pipefail
cd "$(dirname "$0")/.."

build=(
  make cmake ninja-build g++ ccache pkg-config
  libfmt-dev libexpected-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libboost-dev zlib1g-dev libssl-dev
  libtiff-dev libturbojpeg0-dev libjpeg62-turbo-dev libopenjp2-7-dev libpng-dev libopenslide-dev libdcmtk-dev
  libhdf5-dev libhwy-dev libcurl4-openssl-dev libsqlite3-dev libxml2-dev libcairo2-dev libpango1.0-dev librsvg2-dev fonts-noto-core
  libgtest-dev libgmock-dev libbenchmark-dev python3
)
checks=(git clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev)
peers=(z3 python3-z3 python3-hl7 python3-pandas python3-jsonschema python3-anndata python3-shapely python3-babel sqlite3
  python3-venv doxygen chromium poppler-utils qpdf dicom3tools dcmtk orthanc orthanc-dicomweb)
command -v npm >/dev/null || peers+=(nodejs npm)
command -v javac >/dev/null || peers+=(default-jdk-headless)
command -v mvn >/dev/null || peers+=(maven)
duckdb=duckdb==1.4.4 # from PyPI, for bench/ only

dicom=(pydicom==3.0.2 highdicom==0.28.2 hl7apy==1.3.5) # from PyPI, for tests/system/dicom_*.py and mllp_peers.py
spatial=(geopandas==1.2.0 pyarrow==26.0.1 scanpy==1.11.5 squidpy==1.8.2) # from PyPI, for tests/system/cells_spatial.py
agreement=(irrCAC==0.4.4 scikit-learn==1.9.1 statsmodels==0.15.0) # from PyPI, for tests/system/agreement_peer.py

[[ -n ${HER2_SKIP_DEPS:-} ]] && exit 0

want=("${build[@]}")
with_duckdb=no
with_spatial=no
for argument in "$@"; do
  case $argument in
    --checks) want+=("${checks[@]}") ;;
    --peers)
      want+=("${peers[@]}")
      with_duckdb=yes
      ;;
    --spatial)
      want+=(python3-venv)
      with_spatial=yes
      ;;
    *)
      echo "install-deps.sh: unknown option $argument (--checks, --peers, --spatial)" >&2
      exit 2
      ;;
  esac
done

refuse() {
  echo "install-deps.sh: $1; install the libraries of docs/dependencies.md yourself and set HER2_SKIP_DEPS=1." >&2
  exit 1
}

missing=()
if command -v dpkg-query >/dev/null; then
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${want[@]}" 2>/dev/null || true)
  for package in "${want[@]}"; do
    grep -qx "installed $package" <<<"$installed" || missing+=("$package")
  done
else
  refuse "this is not Debian or a relative of it (no dpkg)"
fi

if ((${#missing[@]} > 0)); then
  command -v apt-get >/dev/null || refuse "there is no apt-get to install ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || refuse "not root and no sudo to install ${missing[*]}"
    as_root=(sudo)
  fi
  echo "Installing ${missing[*]}"
  apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  install=("${apt[@]}" install --no-install-recommends "${missing[@]}")
  # A package list that is absent or old is fetched only when installing without it fails.
  if ! "${install[@]}" >/dev/null 2>&1; then
    "${apt[@]}" update
    "${install[@]}"
  fi
fi

# DuckDB is no Debian package. It is a peer only for the benchmark: going without is no failure.
venv=build/peers
if [[ $with_duckdb == yes && ! -e $venv/with-duckdb && ! -e $venv/without-duckdb ]]; then
  mkdir -p $venv
  if /usr/bin/python3 -m venv --system-site-packages $venv >/dev/null 2>&1 &&
    timeout 180 $venv/bin/python -m pip install --quiet --disable-pip-version-check "$duckdb" </dev/null >/dev/null 2>&1; then
    touch $venv/with-duckdb
  else
    echo "DuckDB could not be fetched from PyPI: benchmarks compare with SQLite and pandas only (to try again: rm -r $venv)."
    touch $venv/without-duckdb
  fi
fi

# Validators and parsers from npm that tests compare with, at the versions that tests/peers/node names. A test whose peer
# is not there skips and says so.
node=build/peers/node
if [[ $with_duckdb == yes ]] && ! cmp -s tests/peers/node/package.json $node/package.json; then
  mkdir -p $node
  if (cd $node && cp ../../../tests/peers/node/package.json wanted.json && cp wanted.json package.json &&
    timeout 300 npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error </dev/null >install.log 2>&1); then
    rm -f $node/wanted.json
  else
    rm -f $node/package.json
    echo "The validators of tests/peers/node could not be fetched from npm: their tests will skip (log: $node/install.log)."
  fi
fi

# Peers of the agreement statistics, and Camunda's DMN engine: tests skip without them.
if [[ $with_duckdb == yes && -x $venv/bin/python && ! -e $venv/with-agreement && ! -e $venv/without-agreement ]]; then
  if timeout 300 $venv/bin/python -m pip install --quiet --disable-pip-version-check "${agreement[@]}" </dev/null >/dev/null 2>&1; then
    touch $venv/with-agreement
  else
    echo "irrCAC, scikit-learn and statsmodels could not be fetched from PyPI: their comparison is skipped."
    touch $venv/without-agreement
  fi
fi
if [[ $with_duckdb == yes && ! -e $venv/with-dmn && ! -e $venv/without-dmn ]]; then
  mkdir -p $venv/dmn
  if command -v mvn >/dev/null &&
    timeout 300 mvn -q -B -f tests/peers/dmn/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
      -DoutputDirectory="$PWD/$venv/dmn" </dev/null >/dev/null 2>&1; then
    touch $venv/with-dmn
  else
    echo "Camunda's DMN engine could not be fetched from Maven Central: its comparison is skipped."
    touch $venv/without-dmn
  fi
fi

# pydicom, highdicom and hl7apy, in an environment of their own: they want another NumPy than Debian's packages.
if [[ $with_duckdb == yes && ! -e $venv/with-dicom && ! -e $venv/without-dicom ]]; then
  mkdir -p $venv
  if /usr/bin/python3 -m venv $venv/dicom >/dev/null 2>&1 &&
    timeout 300 $venv/dicom/bin/python -m pip install --quiet --disable-pip-version-check "${dicom[@]}" </dev/null >/dev/null 2>&1; then
    touch $venv/with-dicom
  else
    rm -rf $venv/dicom
    echo "pydicom, highdicom and hl7apy could not be fetched from PyPI: tests of DICOM objects are skipped."
    touch $venv/without-dicom
  fi
fi

# Programs that work with cells in space, in an environment of their own: they want another anndata than Debian's.
if [[ $with_spatial == yes && ! -e $venv/with-spatial ]]; then
  mkdir -p $venv
  if /usr/bin/python3 -m venv $venv/spatial >/dev/null 2>&1 &&
    timeout 900 $venv/spatial/bin/python -m pip install --quiet --disable-pip-version-check "${spatial[@]}" </dev/null >/dev/null 2>&1; then
    touch $venv/with-spatial
  else
    rm -rf $venv/spatial
    echo "GeoPandas, scanpy and squidpy could not be fetched from PyPI: tests/system/cells_spatial.py is skipped."
  fi
fi
