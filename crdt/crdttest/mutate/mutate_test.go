package main

import "testing"

// Every bug can be planted: the code it replaces is there, once.
func TestMutantsApply(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutants {
		if _, err := m.apply(root); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}

// Two of them are planted for real, so that the rest of this program is known to work.
func TestMutantsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles package crdt and runs its tests twice")
	}
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		m := mutants[i*len(mutants)/2+2]
		if found, err := m.try(root); err != nil || found == "" {
			t.Errorf("%s: found by %q, error %v", m.name, found, err)
		}
	}
	same := mutant{"no bug", "register.go", "package crdt", "package crdt"}
	if _, err := same.apply(root); err != nil {
		t.Error(err)
	}
}
