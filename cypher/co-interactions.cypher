// title: Co-interactions
// purpose: Pairs of accounts that acted on the same posts, or other objects, at nearly the same time, the strongest first.
// judul: Aksi serentak
// tujuan: Pasangan akun yang bertindak pada unggahan atau objek yang sama hampir pada waktu yang sama, yang terkuat
//   dahulu.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: min_n: integer = 1 -- fewest objects on which both acted within the window
// parameter: limit: integer = 1000 -- most pairs to return
// column: account_a: id of the account with the smaller id
// column: handle_a: its public handle
// column: account_b: id of the other account
// column: handle_b: its public handle
// column: n: distinct objects on which both acted within the window
// column: shared: objects on which both acted at any time
// column: median_gap_s: median over objects of the smallest gap, in seconds
// column: first_share: share of the objects on which account_a came first; a tie counts half
// column: kinds: kinds of interaction involved
// column: first_ms: first co-interaction, UTC epoch milliseconds
// column: last_ms: last co-interaction, UTC epoch milliseconds
// column: opportunities: objects on which both acted at roughly the same time; null where nothing was tested
// column: expected: how many of the opportunities chance explains
// column: q: false discovery rate at which the pair would be reported
// column: coordinated: beyond chance at the run's false discovery rate; null where nothing was tested
// column: shared_interest: more shared objects than the activity of the two explains; fans pass this, by design
// column: passed: which of the two tests: acted together, common interest, both or neither; null where not tested
// innocent: People who follow the same page and have notifications on act within seconds of each other.
//   Two fans who both react to every new post of one page can reach a high count without knowing each other.
// wajar: Orang yang mengikuti halaman yang sama dan menyalakan notifikasi bertindak dalam selisih beberapa detik.
//   Dua penggemar yang menanggapi setiap unggahan baru sebuah halaman dapat mencapai jumlah tinggi tanpa saling
//   mengenal.
// example: graphwatch query co-interactions -p min_n=5

MATCH (r:Run), (a:Account)-[c:CO_INTERACTED]->(b:Account)
WHERE r.id = $run AND r.status = 'complete' AND c.run = r.id
  AND coalesce(c.layer, 'all') = $layer AND c.n >= $min_n
RETURN a.id AS account_a, a.handle AS handle_a, b.id AS account_b, b.handle AS handle_b,
       c.n AS n, c.shared AS shared, c.median_gap_s AS median_gap_s, c.first_share AS first_share,
       c.kinds AS kinds, c.first_ms AS first_ms, c.last_ms AS last_ms, c.opportunities AS opportunities,
       c.expected AS expected, c.q AS q, c.coordinated AS coordinated,
       c.shared_interest AS shared_interest,
       CASE WHEN c.coordinated IS NULL THEN null
            WHEN c.coordinated AND c.shared_interest THEN 'acted together and common interest'
            WHEN c.coordinated THEN 'acted together'
            WHEN c.shared_interest THEN 'common interest'
            ELSE 'neither' END AS passed
ORDER BY n DESC, account_a, account_b
LIMIT $limit
