package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// kept is a Sentence as it is kept, so that it can be said in other languages later.
type kept struct {
	Text string   `json:"text"`
	One  string   `json:"one,omitempty"`
	Args []keptOf `json:"args,omitempty"`
}

// keptOf is one argument of a Sentence as it is kept: exactly one of its members.
type keptOf struct {
	Text   *string  `json:"t,omitempty"`
	Int    *int     `json:"i,omitempty"`
	Number *float64 `json:"n,omitempty"`
	Says   *kept    `json:"s,omitempty"`
	List   []keptOf `json:"l,omitempty"` // where none of the others is there; may be empty
}

// Keep is the sentence as JSON to be kept: read back with [Sentence.UnmarshalJSON] it can
// still be said in every language. Arguments that are neither texts nor numbers are kept
// as the texts they read as.
func (s Sentence) Keep() json.RawMessage {
	if s.IsEmpty() {
		return json.RawMessage(`""`)
	}
	text, err := json.Marshal(s.kept())
	if err != nil {
		panic("schema: a sentence is always JSON: " + err.Error()) // numbers of its arguments come from JSON
	}
	return text
}

// KeepProblems is a list of problems as JSON to be kept, with sentences as Keep gives them:
// json.Unmarshal reads it.
func KeepProblems(problems []Problem) json.RawMessage {
	type keptProblem struct {
		Problem
		Message json.RawMessage `json:"message"`
	}
	list := make([]keptProblem, len(problems))
	for i, p := range problems {
		list[i] = keptProblem{p, p.Message.Keep()}
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic("schema: problems are always JSON: " + err.Error())
	}
	return text
}

func (s Sentence) kept() *kept {
	return &kept{s.Text, s.One, keepAll(s.Args)}
}

func keepAll(args []any) []keptOf {
	var list []keptOf
	for _, arg := range args {
		list = append(list, keep(arg))
	}
	return list
}

func keep(arg any) keptOf {
	switch arg := arg.(type) {
	case Sentence:
		return keptOf{Says: arg.kept()}
	case List:
		return keptOf{List: append([]keptOf{}, keepAll(arg)...)}
	case float64:
		return keptOf{Number: &arg}
	}
	if v := reflect.ValueOf(arg); v.CanInt() || v.CanUint() {
		n := 0
		if v.CanInt() {
			n = int(v.Int())
		} else {
			n = int(v.Uint())
		}
		return keptOf{Int: &n}
	}
	text := fmt.Sprint(arg)
	return keptOf{Text: &text}
}

// readKept reads what Keep made; is is false for JSON that is no object.
func readKept(data []byte) (s Sentence, is bool, err error) {
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return Sentence{}, false, nil
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return Sentence{}, true, err
	}
	return k.sentence(), true, nil
}

func (k *kept) sentence() Sentence {
	return Sentence{Text: k.Text, One: k.One, Args: argsOf(k.Args)}
}

func argsOf(list []keptOf) []any {
	var args []any
	for _, k := range list {
		args = append(args, k.arg())
	}
	return args
}

func (k *keptOf) arg() any {
	switch {
	case k.Int != nil:
		return *k.Int
	case k.Number != nil:
		return *k.Number
	case k.Says != nil:
		return k.Says.sentence()
	case k.Text != nil:
		return *k.Text
	}
	return List(argsOf(k.List))
}
