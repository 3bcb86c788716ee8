package schema

import (
	"fmt"
	"unicode/utf8"
)

// What validating costs is known before it starts (law 3). One step is one schema
// looking at one value; the same $ref reached twice is two steps, so 24 schemas that
// each refer twice to the next are 16 million. weigh computes, for every schema and
// every depth below it, the most steps that one value at that depth can meet; steps
// adds them up over a value.

const (
	levels   = 33     // crdt.ParseValue reads values 32 deep
	near     = 8      // depth that real records stay within, and Parse judges by
	maxSteps = 20_000 // one value, near
	// maxWork is the most steps that one validation may take: about a second or two.
	maxWork = 2_000_000
	// A pattern takes the length of its program for each byte of a text; this many
	// such instructions are as much work as one step.
	perStep = 50
)

// price is what one value costs: steps, and pattern instructions for each byte of it
// if it is text.
type price struct{ steps, scan float64 }

func (p price) plus(q price) price { return price{p.steps + q.steps, p.scan + q.scan} }
func (p price) or(q price) price   { return price{max(p.steps, q.steps), max(p.scan, q.scan)} }

// weigh computes the cost of every node, and refuses a schema that goes round in a
// circle at one place or costs too much.
func weigh(root *node) error {
	w := &weigher{}
	if err := w.sort(root); err != nil {
		return err
	}
	for depth := range levels {
		for _, n := range w.sorted {
			n.cost[depth] = n.priceAt(depth)
		}
	}
	for depth := range near {
		p := root.cost[depth]
		if p.steps > maxSteps || p.scan > maxSteps*perStep {
			return &SchemaError{
				Message: Says("The schema makes one value meet up to %s rules, %d levels down; at most %d can be checked in time.", fmt.Sprintf("%.3g", p.steps+p.scan/perStep), depth, maxSteps),
				Fix:     Says(`Refer ("$ref") to the same part less often from within "allOf", "anyOf" and "oneOf", and use simpler patterns.`),
			}
		}
	}
	return nil
}

// weigher puts nodes in an order in which each comes after all that look at the same
// value.
type weigher struct {
	sorted []*node
	state  map[*node]int // 1: under way, 2: done
	err    error
}

func (w *weigher) sort(root *node) error {
	w.state = map[*node]int{}
	root.each(w.visit)
	return w.err
}

func (w *weigher) visit(n *node) {
	switch w.state[n] {
	case 1:
		if w.err == nil {
			w.err = &SchemaError{
				Path:    n.at,
				Message: Says("%s refers to itself without going into a field, so it never ends.", place(n.at)),
				Fix:     Says(`Refer to it from "properties" or "items".`),
			}
		}
		return
	case 2:
		return
	}
	w.state[n] = 1
	for _, sub := range n.inPlace() {
		w.visit(sub)
	}
	w.state[n] = 2
	w.sorted = append(w.sorted, n)
}

// priceAt is the most that one value costs, depth levels below the one n looks at.
func (n *node) priceAt(depth int) price {
	var p price
	if depth == 0 {
		p = n.ownPrice()
	} else {
		p = n.childPrice(depth - 1)
	}
	for _, sub := range n.inPlace() {
		p = p.plus(sub.cost[depth])
	}
	return p
}

func (n *node) ownPrice() price {
	p := price{steps: 1}
	if list, ok := n.words["enum"].([]any); ok {
		p.steps += float64(len(list)) / 10
	}
	if n.pattern != nil {
		p.scan += float64(n.pattern.size)
	}
	return p
}

// childPrice is the most that one child of the value costs, depth levels below it: a
// child is a property, or an item, and names are judged as well.
func (n *node) childPrice(depth int) price {
	var property, keys price
	for _, sub := range n.named["properties"] {
		property = property.or(sub.cost[depth])
	}
	for _, p := range n.patterns {
		property = property.plus(p.node.cost[depth])
		keys.steps += float64(p.ecma.size) * maxKey / perStep
	}
	object := property.or(n.costOf("additionalProperties", depth)).
		plus(n.costOf("unevaluatedProperties", depth)).
		plus(n.costOf("propertyNames", depth))
	if depth == 0 {
		object = object.plus(keys)
	}
	item := n.costOf("items", depth)
	for _, sub := range n.many["prefixItems"] {
		item = item.or(sub.cost[depth])
	}
	array := item.plus(n.costOf("contains", depth)).plus(n.costOf("unevaluatedItems", depth))
	return object.or(array)
}

func (n *node) costOf(word string, depth int) price {
	if sub := n.one[word]; sub != nil {
		return sub.cost[depth]
	}
	return price{}
}

// work is the most steps that validating v against n can take.
func (n *node) work(v any) float64 {
	var total float64
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		p := n.cost[min(depth, levels-1)]
		total += p.steps
		switch v := v.(type) {
		case string:
			total += p.scan * float64(len(v)+utf8.UTFMax) / perStep
		case []any:
			for _, item := range v {
				walk(item, depth+1)
			}
		case map[string]any:
			for _, item := range v {
				walk(item, depth+1)
			}
		}
	}
	walk(v, 0)
	return total
}
