package studio

import (
	"encoding/json"
	"slices"
)

// change is one thing that differs between two trees, by its place. Where an object is
// on both sides, its members are compared, and Order says that their order differs.
type change struct {
	At    string   `json:"at"`              // JSON Pointer
	From  string   `json:"from,omitempty"`  // as text, because the order of keys is part of it; "": nothing was there
	To    string   `json:"to,omitempty"`    // "": nothing is to be there
	Order []string `json:"order,omitempty"` // of the keys of the object at At
}

// differences are the changes that make b of a.
func differences(a, b any) []change {
	var list []change
	compareTrees(a, b, "", func(c change) { list = append(list, c) })
	return list
}

func compareTrees(a, b any, at string, found func(change)) {
	from, fromObject := a.(*object)
	to, toObject := b.(*object)
	if !fromObject || !toObject {
		if string(canonicalText(a)) != string(canonicalText(b)) {
			found(change{At: at, From: oneText(a), To: oneText(b)})
		}
		return
	}
	for _, key := range from.keys {
		if to.has(key) {
			compareTrees(from.get(key), to.get(key), at+step(key), found)
		} else {
			found(change{At: at + step(key), From: oneText(from.get(key))})
		}
	}
	for _, key := range to.keys {
		if !from.has(key) {
			found(change{At: at + step(key), To: oneText(to.get(key))})
		}
	}
	if len(to.keys) > 0 && !slices.Equal(from.keys, to.keys) {
		found(change{At: at, Order: to.keys})
	}
}

// oneText is a tree as JSON without line breaks, in its own order.
func oneText(v any) string {
	switch v := v.(type) {
	case *object:
		text := "{"
		for i, key := range v.keys {
			if i > 0 {
				text += ","
			}
			text += string(appendScalar(nil, key)) + ":" + oneText(v.values[key])
		}
		return text + "}"
	case []any:
		text := "["
		for i, sub := range v {
			if i > 0 {
				text += ","
			}
			text += oneText(sub)
		}
		return text + "]"
	}
	return string(appendScalar(nil, v))
}

// patch makes changes that another command gave back.
func (d *Draft) patch(c Command) (any, error) {
	var list []change
	text, err := json.Marshal(c.Value)
	if err != nil || json.Unmarshal(text, &list) != nil {
		return nil, refuse("value", "These are no changes that can be made.")
	}
	return d.apply(list)
}

// replace makes the draft what its author wrote, and keeps what others changed since.
func (d *Draft) replace(c Command) (any, error) {
	value, err := textOf(c.Value)
	if err != nil {
		return nil, err
	}
	from := clone(d.whole)
	if c.From != nil {
		if from, err = textOf(c.From); err != nil {
			return nil, err
		}
	}
	return d.apply(differences(from, value))
}

// textOf reads a whole draft that is given as text.
func textOf(v any) (any, error) {
	text, _ := v.(string)
	tree, err := readTree([]byte(text))
	if err != nil {
		return nil, err
	}
	if root, ok := tree.(*object); ok {
		orderProperties(root)
	}
	return tree, nil
}

// apply makes changes, where what they change is still what their author saw.
func (d *Draft) apply(list []change) (any, error) {
	tree := clone(d.whole)
	for _, c := range list {
		var err error
		if tree, err = applyChange(tree, stepsOf(c.At), c); err != nil {
			return nil, err
		}
	}
	if root, ok := tree.(*object); ok {
		if err := writeDemands(root, nil); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// applyChange makes one change below v.
func applyChange(v any, path []string, c change) (any, error) {
	o, isObject := v.(*object)
	switch {
	case len(path) == 0 && c.Order != nil:
		if isObject {
			o.keys = orderLike(o.keys, c.Order)
		}
		return v, nil
	case len(path) == 0:
		return replaced(v, true, c)
	case !isObject:
		return nil, clashOf(c, v, true)
	}
	key := path[0]
	if len(path) == 1 && c.Order == nil {
		value, err := replaced(o.get(key), o.has(key), c)
		if err != nil {
			return nil, err
		}
		if value == gone {
			o.drop(key)
		} else {
			o.set(key, value)
		}
		return o, nil
	}
	if !o.has(key) {
		if c.Order != nil {
			return v, nil
		}
		return nil, clashOf(c, nil, false)
	}
	value, err := applyChange(o.get(key), path[1:], c)
	if err != nil {
		return nil, err
	}
	o.set(key, value)
	return o, nil
}

// gone stands for a part that is to be there no more.
var gone any = &object{}

// replaced is what a change makes of what stands at its place.
func replaced(now any, there bool, c change) (any, error) {
	from, to := treeOfText(c.From), treeOfText(c.To)
	if c.To == "" {
		to = gone
	}
	switch {
	case there == (c.From != "") && (!there || same(now, from)):
		return to, nil
	case !there && c.To == "":
		return gone, nil
	case there && c.To != "" && same(now, to):
		return now, nil
	}
	if merged, ok := mergeLists(now, from, to); ok && there {
		return merged, nil
	}
	return nil, clashOf(c, now, there)
}

func treeOfText(text string) any {
	if text == "" {
		return nil
	}
	tree, _ := decodeTree([]byte(text))
	return tree
}

// mergeLists takes into a list what somebody else put in or took out of it, where it
// is a list of parts that stand for themselves: "required", "allOf", the tray.
func mergeLists(now, from, to any) (any, bool) {
	list, ok := now.([]any)
	was, hadList := from.([]any)
	is, hasList := to.([]any)
	if !ok || !hadList && from != nil || !hasList && to != gone {
		return nil, false
	}
	has := func(in []any, v any) bool {
		return slices.ContainsFunc(in, func(w any) bool { return same(v, w) })
	}
	var merged []any
	for _, v := range list {
		if !has(was, v) || has(is, v) {
			merged = append(merged, v)
		}
	}
	for _, v := range is {
		if !has(was, v) && !has(merged, v) {
			merged = append(merged, v)
		}
	}
	if len(merged) == 0 {
		return gone, true
	}
	return merged, true
}

func clashOf(c change, now any, there bool) error {
	clash := &Clash{Setting: c.At, Mine: plain(treeOfText(c.To)), From: plain(treeOfText(c.From))}
	if there {
		clash.Theirs = plain(now)
	}
	return clash
}

// orderLike puts keys into the order of others; one that they do not have stays behind
// the key that it was behind.
func orderLike(keys, order []string) []string {
	var list []string
	for _, key := range order {
		if slices.Contains(keys, key) {
			list = append(list, key)
		}
	}
	for i, key := range keys {
		if slices.Contains(list, key) {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.Index(list, keys[i-1]) + 1
		}
		list = slices.Insert(list, at, key)
	}
	return list
}
