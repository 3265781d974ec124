// title: Decisions
// purpose: What reviewers decided on leads, with the reasons, the newest first.
// judul: Keputusan
// tujuan: Apa yang diputuskan penelaah atas petunjuk, beserta alasannya, yang terbaru dahulu.
// category: review
// parameter: lead: text = "" -- id of a cluster, account or complaint; empty for all
// parameter: limit: integer = 1000 -- most rows to return
// column: decision: id of the decision
// column: lead: id of the cluster, account or complaint decided on
// column: lead_kind: cluster, account or complaint
// column: run: id of the run that found the lead; null for complaints
// column: outcome: needs_clarification, dismissed or forwarded
// column: reason: why
// column: clarification: what the persons concerned answered
// column: forwarded_to: to whom it was forwarded
// column: reviewer: who decided
// column: at_ms: when, UTC epoch milliseconds
// column: previous: id of the decision on this lead before it; null for the first
// column: newest: whether no later decision on this lead follows
// innocent: A decision is on a lead, not on a person; one that was dismissed is settled until something new is found.
// wajar: Putusan adalah tentang petunjuk, bukan tentang orang; yang dikesampingkan selesai sampai ada temuan
//   baru.
// example: graphwatch query decisions

MATCH (d:Decision)
WHERE $lead = '' OR d.lead = $lead
RETURN d.id AS decision, d.lead AS lead, d.lead_kind AS lead_kind, d.run AS run, d.outcome AS outcome,
       d.reason AS reason, d.clarification AS clarification, d.forwarded_to AS forwarded_to,
       d.reviewer AS reviewer, d.at_ms AS at_ms, d.previous AS previous,
       NOT EXISTS { MATCH (e:Decision) WHERE e.previous = d.id } AS newest
ORDER BY at_ms DESC, decision
LIMIT $limit
