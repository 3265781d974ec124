// title: Metrics of an account
// purpose: The metrics of one account that were written back for a run.
// judul: Ukuran jaringan sebuah akun
// tujuan: Ukuran sebuah akun yang dicatat untuk satu deteksi.
// category: accounts
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: account: text -- id or handle of the account
// column: account: id of the account
// column: metric: degree, pagerank, betweenness or another
// column: projection: coordination, posts or pages, and the part of it where it was not all
// column: value: value of the metric
// innocent: A central account may be a newsroom, a page's moderator or somebody who likes everything.
// wajar: Akun yang berada di tengah dapat berupa redaksi berita, pengelola halaman, atau orang yang menyukai
//   segalanya.
// example: graphwatch query account-scores -p account=x:1

MATCH (a:Account)-[s:SCORED]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND (a.id = $account OR a.handle = $account)
RETURN a.id AS account, s.metric AS metric, s.projection AS projection, s.value AS value
ORDER BY account, projection, metric
