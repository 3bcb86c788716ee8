package main

// mutant is one bug: a place in a file of package crdt and what stands there instead.
type mutant struct {
	name string
	file string
	old  string // occurs once
	new  string
}

// mutants are the bugs that the tests must see. Each is one that somebody could write.
var mutants = []mutant{
	// Ties and times.
	{"of two stamps of one time each is before the other", "stamp.go",
		"case s.Time < t.Time, s.Time == t.Time && s.Replica < t.Replica:", "case s.Time < t.Time, s.Time == t.Time && s.Replica != t.Replica:"},
	{"dots compare by number alone", "stamp.go",
		"case d.Replica < e.Replica, d.Replica == e.Replica && d.Seq < e.Seq:", "case d.Seq < e.Seq:"},
	{"an older register wins", "register.go",
		"by.stamp.Compare(f.stamp) >= 0", "by.stamp.Compare(f.stamp) <= 0"},
	{"of two registers of one stamp the first wins", "register.go",
		"by.stamp.Compare(f.stamp) >= 0", "by.stamp.Compare(f.stamp) > 0"},
	{"a merge keeps the older register", "register.go",
		"j.newer(o.stamp, f.stamp)", "j.newer(f.stamp, o.stamp)"},
	{"the oldest of conflicting values shows", "conflict.go",
		"if c := b.Stamp.Compare(a.Stamp); c != 0 {", "if c := a.Stamp.Compare(b.Stamp); c != 0 {"},
	{"the largest wins where the smallest should", "extreme.go",
		"return f.max && c > 0 || !f.max && c < 0", "return c > 0"},
	{"an empty field shows or hides by the oldest word", "ensure.go",
		"by.stamp.Compare(e.stamp) >= 0", "by.stamp.Compare(e.stamp) <= 0"},

	// What was seen.
	{"a change that comes twice counts twice", "apply.go",
		"if c.N <= d.seen[c.Replica].n {\n\t\treturn Duplicate, nil", "if c.N < d.seen[c.Replica].n {\n\t\treturn Duplicate, nil"},
	{"a change does not wait for the one before it", "missing.go",
		"if c.Prev > seen {", "if c.Prev > seen+1000000 {"},
	{"a change does not wait for what it stands behind", "missing.go",
		"if !yield(o.After) || !yield(o.Before) || !yield(o.Row) {", "if !yield(o.Before) || !yield(o.Row) {"},
	{"what was held is never looked at again", "apply.go",
		"\td.take(c)\n\td.release()\n", "\td.take(c)\n"},
	{"a held change is applied once and its followers never", "held.go",
		"moved = true\n", "moved = false\n"},

	// Counters, sets, conflicts.
	{"an amount is added twice", "counter.go",
		"f.sum(by.stamp.Replica)+amount)", "f.sum(by.stamp.Replica)+2*amount)"},
	{"a conflict assignment replaces what it did not see", "conflict.go",
		"\tfor _, id := range op.Over {\n\t\tf.remove(id)\n\t}\n", "\tf.candidates = ordered[Candidate]{}\n"},
	{"a conflict assignment leaves what it replaces", "conflict.go",
		"\tfor _, id := range op.Over {\n\t\tf.remove(id)\n\t}\n", ""},
	{"a removal from a set removes what it did not see", "set.go",
		"e.dots = takeDots(e.dots, ascending(op.Over))", "e.dots = nil"},
	{"a merge brings back what was removed from a set", "set.go",
		"if !j.theirs.has(ours[0]) {", "if true {"},

	// Rows and documents.
	{"a move brings a row to where the older move put it", "list.go",
		"c := at.Compare(row.at); c < 0 ||", "c := row.at.Compare(at); c < 0 ||"},
	{"a removal of a row covers nothing but itself", "list.go",
		"\tr.cover = raise(r.cover, saw)\n", ""},
	{"an edit does not bring a removed row back", "list.go",
		"\t\tr.edits = raiseTo(r.edits, by.stamp.Replica, by.n)\n", ""},
	{"delete beats edit", "trash.go",
		"if n > cover[r] {", "if n > cover[r]+1000000 {"},
	{"a deletion does not cover its own change", "apply.go",
		"\t\td.cover = raiseTo(d.cover, by.stamp.Replica, by.n)\n", ""},

	// The order of texts and lists.
	{"right siblings stand in the order of their right origins", "sequence_insert.go",
		"case n.leftChild && !sibling, order > 0:\n\t\treturn headBefore\n\tcase order < 0:\n\t\treturn headBehind",
		"case n.leftChild && !sibling, order < 0:\n\t\treturn headBefore\n\tcase order > 0:\n\t\treturn headBehind"},
	{"siblings stand in the opposite order of their dots", "sequence_insert.go",
		"case h.id.Compare(n.id) < 0:\n\t\treturn headBefore", "case h.id.Compare(n.id) > 0:\n\t\treturn headBefore"},
	{"what stands under a head is not skipped", "sequence_insert.go",
		"return d != (Dot{}) && (d == last || s.mustFind(d).compare(from) >= 0)", "return false"},
	{"a left child is taken for a right child", "sequence_insert.go",
		"return p.at().after == r.after", "return false"},
	{"the shortcut for left children forgets the order of dots", "sequence_insert.go",
		"return h.before != n.before || h.id.Compare(n.id) < 0", "return true"},
	{"looking begins behind a sibling that the newcomer goes before", "sequence_insert.go",
		"if n.compare(p.at()) == headBefore {\n\t\treturn p", "if n.compare(p.at()) != headUndecided {\n\t\treturn p"},
	{"the second half of a split run loses its left origin", "sequence.go",
		"p.after = r.dot(i - 1)", "p.after = r.after"},
	{"a run is split one element too far", "sequence_insert.go",
		"n.runs = slices.Insert(n.runs, i+1, r, at.part(p.offset, at.n-p.offset))\n\t\t\tn.runs[i].n = p.offset",
		"n.runs = slices.Insert(n.runs, i+1, r, at.part(p.offset+1, at.n-p.offset-1))\n\t\t\tn.runs[i].n = p.offset + 1"},
	{"runs with different right origins join", "sequence.go",
		"q.after == r.last() && q.before == r.before &&", "q.after == r.last() &&"},
	{"a removed run joins a visible one", "sequence.go",
		"q.before == r.before && q.deleted == r.deleted", "q.before == r.before"},
	{"a cut begins one element too late", "sequence_cut.go",
		"from := int(max(q.Start.Seq, r.id.Seq) - r.id.Seq)", "from := int(max(q.Start.Seq, r.id.Seq)-r.id.Seq) + min(1, int(q.Len)-1)"},
	{"a cut of several leaves stops after the first", "sequence_cut.go",
		"\t\t\tfrom = next\n", "\t\t\tfrom = end\n"},
	{"removing backwards leaves the counts above as they were", "sequence_cut.go",
		"\tleaf.bump(-n)\n", "\tleaf.shown -= n\n"},
	{"a split leaf is not told to the index", "sequence_tree.go",
		"s.index.set(right.runs[i].span(), right)", "_ = i"},
	{"the leaf found last is believed after a change elsewhere", "sequence_tree.go",
		"\tif s.near != leaf {\n\t\ts.near = nil\n\t}\n", ""},
	{"a copy shares what then changes", "sequence.go",
		"\t\ts.root = s.root.clone(nil)\n", ""},
	{"a merge does not learn of removals", "sequence_merge.go",
		"\ts.cut(n.removed)\n", ""},

	// Compaction.
	{"compaction keeps nothing of what was removed behind an element", "compact_sequence.go",
		"\tif k.open {\n\t\tkeep(r.part(0, 1))\n\t}\n", ""},
	{"compaction leaves the left origins as they were", "compact_sequence.go",
		"r.after, r.before = last, Dot{}", "r.before = last"},

	// What is written down.
	{"the meta forgets what a row's removal saw", "metalist.go",
		"if row != nil && len(row.cover) > 0 {", "if row != nil && len(row.cover) > 1 {"},
	{"a sequence forgets that a run is removed", "sequence_codec.go",
		"\t\tif r.deleted {\n\t\t\thead |= headDeleted\n\t\t}\n", ""},
}
