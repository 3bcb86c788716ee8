package xlsform

import (
	"encoding/json"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

// FuzzExpression reads any text as an expression: it never panics, and what becomes a
// condition is one that ours are read as.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		"${a} = 'x'", "${a} != '' and (${n} >= 5 or not(selected(${m}, 'y')))", ". > 0 and . < 10", "regex(., '^[A-Z]+$')", "string-length(.) <= 5",
		"'x' = ${a}", "5 < ${n}", "${b} = true()", "-1 <= ${n}", "${", "'", "((((", "a", "${a} = ${b}", ". = 1.2.3", "${ a }='x'", "count-selected(.)>=2 and . != ''",
	} {
		f.Add(text)
	}
	questions := map[string]*question{}
	for name, typ := range map[string]string{"a": "string", "n": "number", "b": "boolean", "m": "array", "p": "object"} {
		q := &question{key: name, typ: typ, field: &object{}}
		if typ == "array" {
			q.kind = "select_multiple"
		}
		questions[name] = q
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseExpression(text)
		if err != nil {
			return
		}
		for _, typ := range []string{"string", "number", "integer", "array", "boolean"} {
			q := &question{key: "q", typ: typ, field: &object{}}
			q.constrain(e)
		}
		c, err := condition(e, func(name string) *question { return questions[name] })
		if err != nil {
			return
		}
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := schema.ParseCondition(data); err != nil && len(text) < 300 {
			t.Fatalf("%s is no condition: %v", data, err)
		}
	})
}

func TestConditions(t *testing.T) {
	find := func(name string) *question {
		types := map[string]string{"a": "string", "n": "number", "b": "boolean", "m": "array", "d": "string"}
		typ, known := types[name]
		if !known {
			return nil
		}
		q := &question{key: name, typ: typ, field: &object{}}
		switch name {
		case "m":
			q.kind = "select_multiple"
		case "d":
			q.field.set("format", "date")
		}
		return q
	}
	for text, want := range map[string]string{
		"${a} = 'x'":                      `{"field":"a","is":"x"}`,
		"${a}!='x'":                       `{"field":"a","not":"x"}`,
		"'x' = ${a}":                      `{"field":"a","is":"x"}`,
		"${a} = ''":                       `{"empty":true,"field":"a"}`,
		"${m} != ''":                      `{"empty":false,"field":"m"}`,
		"${n} = '5'":                      `{"field":"n","is":5}`,
		"5 <= ${n}":                       `{"field":"n","from":5}`,
		"${n} > -1.5":                     `{"above":-1.5,"field":"n"}`,
		"${d} < '2026-01-01'":             `{"below":"2026-01-01","field":"d"}`,
		"selected(${m}, 'x')":             `{"field":"m","has":"x"}`,
		"selected(${a}, \"it's\")":        `{"field":"a","is":"it's"}`,
		"${b} = 'OK'":                     `{"field":"b","is":true}`,
		"${b} != true()":                  `{"field":"b","not":true}`,
		"not(${a} = 'x')":                 `{"none":[{"field":"a","is":"x"}]}`,
		"${a}='x' and ${n}>1 or ${b}='1'": `{"any":[{"all":[{"field":"a","is":"x"},{"above":1,"field":"n"}]},{"field":"b","is":true}]}`,
		"${a}='x' AND (${n}>1 Or ${n}<0)": `{"all":[{"field":"a","is":"x"},{"any":[{"above":1,"field":"n"},{"below":0,"field":"n"}]}]}`,
		"true()":                          `true`,
		"${a} = ${n}":                     "only a question can be compared, and only with a value",
		"${z} = 1":                        "${z} is no question that can be asked about from here",
		"${a} > 5":                        "only numbers and dates have an order",
		"${a} + 1 = 2":                    `"+" is not understood`,
		"${n} = 'x'":                      `n cannot be compared with "x"`,
		"count-selected(${m}) > 2":        "only a question can be compared, and only with a value",
		"contains(${a}, 'x')":             "contains() has no counterpart",
		"${a} =":                          "it ends too early",
		"${a = 'x'":                       "${ is not closed",
		"${a} = 'x":                       "a quote is not closed",
		"${a} = x":                        `"x" is no function and no text in quotes`,
		"":                                "it ends too early",
		"${a} = 'x' )":                    `")" is not understood`,
	} {
		e, err := parseExpression(text)
		var c any
		if err == nil {
			c, err = condition(e, find)
		}
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			data, _ := json.Marshal(c)
			got = string(data)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
