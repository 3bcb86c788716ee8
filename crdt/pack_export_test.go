package crdt

// PackedColumns gives the columns of a packer by name, not compressed.
func PackedColumns(p *Packer) map[string][]byte {
	names := [packColumns]string{
		"shapes", "shape texts", "more", "replicas", "names", "docs", "doc texts", "sorts", "n", "prev", "paths", "ids",
		"dots", "counts", "lengths", "saw", "stamp runs", "stamp millis", "stamp counters", "text lengths",
		"text", "values",
	}
	columns := map[string][]byte{}
	for i, column := range p.coder.out {
		columns[names[i]] = column
	}
	return columns
}
