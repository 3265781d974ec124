// title: Evidence for clusters
// purpose: Bursts, pace, ties and members on the roster of each cluster of a run, as numbers.
// judul: Bukti untuk klaster
// tujuan: Letupan, tempo, kaitan, dan anggota pada daftar ASN dari setiap klaster satu deteksi, sebagai angka.
// category: coordination
// parameter: run: text = "latest" -- id of a complete run; latest is the newest one
// parameter: layer: text = "all" -- all, or one kind of interaction of a run that looked at each alone
// parameter: limit: integer = 1000 -- most clusters to return
// column: cluster: number of the cluster; 1 is the largest
// column: size: member accounts
// column: bursts: times that two or more members acted on a post, each within the window of the next
// column: bursts_of_three: bursts with three or more members within one window
// column: days: days in WIB on which a burst began
// column: burst_share: share of the members' interactions that are in bursts
// column: half_time_s: median over posts of the shortest time that covers half of the members, seconds
// column: hours: interactions in bursts by hour of the day in WIB, 24 counts
// column: n_sum: co-interactions of the pairs that tie the cluster
// column: opportunities_sum: opportunities of these pairs; null where nothing was tested
// column: expected_sum: co-interactions of these pairs that chance explains
// column: q_min: smallest q of these pairs
// column: n_asn: members with a link to the roster in force; null where no roster was loaded
// column: expected_asn: members on the roster that a cluster of this size drawn at random would have
// column: asn_q: false discovery rate over the clusters of the run
// column: top_agency: id of the agency that stands out most; null where there is none
// column: top_agency_n: members who work there
// innocent: Bursts minutes after publication are what notifications do, and bursts in office hours what a shared
//   break does. A share of civil servants above chance is expected where the cluster was collected around an office.
// wajar: Letupan beberapa menit setelah terbit adalah akibat notifikasi, dan letupan pada jam kantor akibat
//   istirahat bersama. Bagian ASN di atas kebetulan wajar bila klaster dikumpulkan di sekitar sebuah kantor.
// example: graphwatch query cluster-evidence

MATCH (k:Cluster)-[:FOUND_IN]->(r:Run)
WHERE r.id = $run AND r.status = 'complete' AND coalesce(k.layer, 'all') = $layer
RETURN k.number AS cluster, k.size AS size, k.bursts AS bursts, k.bursts_of_three AS bursts_of_three,
       k.days AS days, k.burst_share AS burst_share, k.half_time_s AS half_time_s, k.hours AS hours,
       k.n_sum AS n_sum, k.opportunities_sum AS opportunities_sum, k.expected_sum AS expected_sum,
       k.q_min AS q_min, k.n_asn AS n_asn, k.expected_asn AS expected_asn, k.asn_q AS asn_q,
       k.top_agency AS top_agency, k.top_agency_n AS top_agency_n
ORDER BY cluster
LIMIT $limit
