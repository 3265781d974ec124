#!/usr/bin/env bash
# The main job on a file of shares: load, detect, ask, look.
# usage: examples/main_job.sh FILE FOLDER
set -euo pipefail
file=${1:?usage: examples/main_job.sh FILE FOLDER} folder=${2:?usage: examples/main_job.sh FILE FOLDER}
export GRAPHWATCH_STORE=$folder/shares.gw

graphwatch load "$file" --preset coortweet
graphwatch detect --window 60 --min-objects 2               # beyond chance
graphwatch detect --window 60 --min-objects 2 --count-only  # by count, as the peers do
graphwatch query co-interactions --csv | head
graphwatch query "MATCH (a:Account)-[m:MEMBER_OF]->(c:Cluster) RETURN c.id, count(a) AS members ORDER BY members DESC LIMIT 5"
graphwatch export --html "$folder/shares.html"
