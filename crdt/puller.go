package crdt

// puller reads a JSON text piece by piece, by what whoever asks knows to come, and so
// without the maps and lists that ParseValue makes. It says nothing about a mistake:
// it gives up, and who asked has the text read by ParseValue, which does.
type puller struct{ valueParser }

// giveUp leaves an error that nobody gets to see.
func (p *puller) giveUp() {
	if p.err == nil {
		p.err = &ValueError{}
	}
}

// need gives up unless something is so.
func (p *puller) need(so bool) {
	if !so {
		p.giveUp()
	}
}

// begin reads the bracket that opens an object or an array, and says whether
// something is in it.
func (p *puller) begin(open, end byte) bool {
	p.need(p.peek() == open)
	if p.err != nil || !p.count() || !p.enter(-1) {
		return false
	}
	if p.peek() != end {
		return true
	}
	p.at++
	p.leave()
	return false
}

// next reads what follows an element, and says whether there is another one.
func (p *puller) next(end byte) bool {
	switch {
	case p.err != nil:
	case p.more(end, ""):
		return true
	case p.err == nil:
		p.leave()
	}
	return false
}

// each reads an object or an array, whose members or elements are read by one.
func (p *puller) each(open, end byte, one func()) {
	for more := p.begin(open, end); more; more = p.next(end) {
		one()
	}
}

// end gives up unless everything was read.
func (p *puller) end() {
	p.need(p.peek() == 0 && p.at == len(p.text))
}

// name reads the key of a member and its colon.
func (p *puller) name() string {
	name := p.quoted()
	p.need(p.peek() == ':')
	if p.err == nil {
		p.at++
	}
	return name
}

// quoted reads a string.
func (p *puller) quoted() string {
	p.need(p.peek() == '"')
	if p.err != nil || !p.count() {
		return ""
	}
	return p.string()
}

// whole reads a whole number from 1 to limit.
func (p *puller) whole(limit uint64) uint64 {
	c := p.peek()
	p.need(c >= '0' && c <= '9')
	if p.err != nil || !p.count() {
		return 0
	}
	f, ok := p.float()
	if !ok || f < 1 || f > float64(limit) || f != float64(uint64(f)) {
		p.giveUp()
		return 0
	}
	return uint64(f)
}

// elements is how many elements the array has that comes next, which is not read yet:
// the right number if the text is JSON.
func (p *puller) elements() int {
	commas, depth, empty := 0, 0, true
	for at := p.at; at < len(p.text); at++ {
		switch c := p.text[at]; c {
		case ' ', '\t', '\n', '\r':
			continue
		case '"':
			at = p.behindString(at)
		case ',':
			if depth == 1 {
				commas++
			}
		case '[', '{':
			if depth++; depth == 1 {
				continue
			}
		case ']', '}':
			if depth--; depth == 0 && empty {
				return 0
			} else if depth == 0 {
				return commas + 1
			}
		}
		empty = false
	}
	return 0
}

// behindString is the place of the quote that ends the string that begins at start.
func (p *puller) behindString(start int) int {
	at := start + 1
	for at < len(p.text) && p.text[at] != '"' {
		if p.text[at] == '\\' {
			at++
		}
		at++
	}
	return at
}
