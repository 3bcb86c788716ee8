package crdt

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// readsAlike wants what the quick reader reads to be what the careful one reads.
func readsAlike(t *testing.T, text []byte, limits Limits) (quick bool) {
	t.Helper()
	limits = limits.orDefault()
	limits.Depth += changeDepth
	got := readChange(text, limits)
	if got == nil {
		return false
	}
	v, err := ParseValue(text, limits)
	if err != nil {
		t.Fatalf("%.300q\nis read, and should be refused: %v", text, err)
	}
	want, err := ChangeFromValue(v, limits)
	if err != nil {
		t.Fatalf("%.300q\nis read, and should be refused: %v", text, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%.300q\nis read as\n%#v, want\n%#v", text, got, want)
	}
	return true
}

func TestReadChange_EveryKind(t *testing.T) {
	for _, kind := range allKinds {
		text := changeText(kind.text, kind.text)
		for _, spelling := range []string{text, strings.ReplaceAll(text, ":", " :\n\t"), strings.ReplaceAll(text, "kind", `k\u0069nd`)} {
			if !readsAlike(t, []byte(spelling), Limits{}) {
				t.Errorf("%s\nis left to the careful reader", spelling)
			}
		}
	}
}

// Every bound that the careful reader knows the quick one keeps too.
func TestReadChange_Limits(t *testing.T) {
	text := []byte(changeText(allKinds[3].text, allKinds[4].text))
	most := Limits{Bytes: len(text), Depth: 2, Nodes: 45, String: 16, Ops: 2}
	for _, lower := range []func(*Limits){
		func(l *Limits) {}, func(l *Limits) { l.Bytes-- }, func(l *Limits) { l.Depth-- },
		func(l *Limits) { l.Ops-- }, func(l *Limits) { l.String = 15 },
	} {
		for most.Nodes = 1; most.Nodes < 60; most.Nodes++ {
			limits := most
			lower(&limits)
			readsAlike(t, text, limits)
		}
	}
}

func TestReadChange_Damaged(t *testing.T) {
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, 1))
	read, rounds := 0, 200_000
	if testing.Short() {
		rounds = 40_000
	}
	pieces := []string{`"`, `,`, `{}`, `[]`, ` `, `0`, `1`, `"path":["a"],`, `"kind":"set",`, `"n":7,`, "\\u0061", "é", "\xff"}
	for range rounds {
		a, b := allKinds[rng.IntN(len(allKinds))], allKinds[rng.IntN(len(allKinds))]
		text := []byte(changeText(a.text, b.text))
		at, n := rng.IntN(len(text)), rng.IntN(8)
		piece := pieces[rng.IntN(len(pieces))]
		if rng.IntN(2) == 0 {
			piece = string(text[at:min(len(text), at+n)])
		}
		end := min(len(text), at+rng.IntN(4)*rng.IntN(6))
		to := rng.IntN(len(text))
		if rng.IntN(2) == 0 {
			to = at
		}
		damaged := string(text[:to]) + piece + string(text[min(max(to, end), len(text)):])
		if readsAlike(t, []byte(damaged), Limits{}) {
			read++
		}
	}
	if t.Logf("seed %d: %d of %d were still changes", seed, read, rounds); read < rounds/100 {
		t.Error("too few damaged changes can be read for this to tell anything")
	}
}
