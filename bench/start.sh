#!/usr/bin/env bash
# How long it takes from `dotnet run --no-build` to the first step of training, and how much of that `dotnet run` spends on an empty
# program, and on one whose project has no SDK. Needs a Release build of src/Mnist.Coordinator and MNIST in the user's cache; leave the
# machine alone meanwhile.
#
#   bench/start.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${1:-5}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
milliseconds() { echo "$(($(date -d "${1:-now}" +%s%N) / 1000000))"; }
field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" "$scratch/run/result.json"; }

mkdir "$scratch/empty"
cat >"$scratch/empty/empty.csproj" <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
</Project>
END
echo 'return;' >"$scratch/empty/Program.cs"
dotnet build -c Release -v:q --nologo "$scratch/empty" >/dev/null

mkdir "$scratch/bare"
cat >"$scratch/bare/bare.csproj" <<'END'
<Project>
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><RunCommand>true</RunCommand></PropertyGroup>
  <Target Name="ComputeRunArguments" />
</Project>
END

# Milliseconds that `dotnet run` takes to start and end the program of a project.
floor() {
  local begun
  begun=$(milliseconds)
  dotnet run --no-build -c Release --project "$1"
  echo $(($(milliseconds) - begun))
}

echo 'milliseconds: to the first step  of these in the program  an empty program  without an SDK  images/s'
for _ in $(seq "$runs"); do
  empty=$(floor "$scratch/empty")
  bare=$(floor "$scratch/bare")
  rm -rf "$scratch/run"
  begun=$(milliseconds)
  dotnet run --no-build -c Release --project src/Mnist.Coordinator -- train --json --out "$scratch/run" >/dev/null
  printf '%31d  %24.0f  %16d  %14d  %8.0f\n' \
    "$(($(milliseconds "$(field firstStepAt)") - begun))" "$(field startSeconds)e3" "$empty" "$bare" "$(field imagesPerSecond)"
done
