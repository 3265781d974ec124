// title: Partners of an account
// purpose: The accounts with which one account reached the run's count, the least likely by chance first.
// judul: Pasangan sebuah akun
// tujuan: Akun yang bersama sebuah akun mencapai jumlah yang diminta, yang paling tidak mungkin kebetulan dahulu.
// category: accounts
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: account: text -- id or handle of the account
// parameter: limit: integer = 1000 -- most rows to return
// column: account: id of the account
// column: partner: id of the other account
// column: handle: its public handle
// column: n: distinct posts on which both acted within the window
// column: opportunities: posts on which both acted at roughly the same time; null where nothing was tested
// column: expected: how many of the opportunities chance explains
// column: median_gap_s: median over posts of the smallest gap, in seconds
// column: came_first: share of the posts on which the account came first; a tie counts half
// column: q: false discovery rate at which the pair would be reported
// column: coordinated: beyond chance at the run's false discovery rate; null where nothing was tested
// innocent: An account that acts on everything has many partners by chance; read the count beside what chance explains.
// wajar: Akun yang menanggapi segalanya punya banyak pasangan karena kebetulan; bandingkan jumlahnya dengan yang
//   dijelaskan kebetulan.
// example: graphwatch query account-partners -p account=x:1

MATCH (r:Run), (a:Account)-[c:CO_INTERACTED]-(b:Account)
WHERE r.id = $run AND r.status = 'complete' AND c.run = r.id AND coalesce(c.layer, 'all') = $layer
  AND (a.id = $account OR a.handle = $account)
RETURN a.id AS account, b.id AS partner, b.handle AS handle, c.n AS n, c.opportunities AS opportunities,
       c.expected AS expected, c.median_gap_s AS median_gap_s,
       CASE WHEN a.id < b.id THEN c.first_share ELSE 1.0 - c.first_share END AS came_first, c.q AS q,
       c.coordinated AS coordinated
ORDER BY coalesce(c.log10_p, 0.0), n DESC, account, partner
LIMIT $limit
