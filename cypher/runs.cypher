// title: Runs
// purpose: Every detection with its parameters, the data that it saw and its denominators, the newest first.
// judul: Deteksi
// tujuan: Setiap deteksi beserta parameternya, data yang dilihatnya, dan penyebutnya, yang terbaru dahulu.
// category: provenance
// column: run: id of the run
// column: status: complete, or writing where it was interrupted
// column: parameters: as JSON
// column: version: version of graphwatch
// column: fingerprint: digest of the interactions seen; equal where two runs saw the same data
// column: created_at_ms: time of the run, UTC epoch milliseconds
// column: window_ms: co-interaction window in milliseconds, inclusive
// column: min_objects: objects that a pair must share within the window
// column: fdr: false discovery rate of the test against chance; null where nothing was tested
// column: tests: pairs with enough opportunities, over which the test was corrected
// column: interactions: timed interactions seen
// column: untimed: interactions without a time, left out of synchrony
// column: observed: interactions with the time when somebody looked, left out of synchrony
// column: coarse: interactions whose time is known less precisely than the window, left out
// column: accounts: accounts with a timed interaction
// column: objects: objects acted on
// column: visited_pairs: pairs of interactions within the window that were looked at
// column: pairs: pairs of accounts that reached min_objects
// column: coordinated: pairs beyond chance; null where nothing was tested
// column: clusters: clusters found
// column: layers: the same numbers for each kind of interaction alone, as JSON; null where not looked at
// column: sensitivity: what half and twice the window find, as JSON; null where not looked at
// column: lags: accounts tested for a regular lag, found, and as regular as twenty others, as JSON; null where not looked at
// column: seed: of every random choice
// innocent: A wide window and a low count find pairs in any data; read pairs against the accounts and posts seen.
// wajar: Selang waktu yang lebar dan batas yang rendah menemukan pasangan dalam data apa pun; bandingkan pasangan
//   dengan akun dan unggahan yang dilihat.
// example: graphwatch query runs

MATCH (r:Run)
RETURN r.id AS run, r.status AS status, r.parameters AS parameters, r.version AS version,
       r.fingerprint AS fingerprint, r.created_at_ms AS created_at_ms, r.window_ms AS window_ms,
       r.min_objects AS min_objects, r.fdr AS fdr, r.tests AS tests, r.interactions AS interactions, r.untimed AS untimed,
       r.observed AS observed, r.coarse AS coarse,
       r.accounts AS accounts, r.objects AS objects, r.visited_pairs AS visited_pairs,
       r.pairs AS pairs, r.coordinated AS coordinated, r.clusters AS clusters, r.layers AS layers,
       r.sensitivity AS sensitivity, r.lags AS lags, r.seed AS seed
ORDER BY created_at_ms DESC, run
