package people

import (
	"bytes"
	"testing"
)

func TestNewPassword(t *testing.T) {
	raw := bytes.Repeat([]byte{0, 31, 32, 63, 255}, 4)
	got, err := newPassword(bytes.NewReader(raw))
	if err != nil || got != "0z0zz-0z0zz-0z0zz-0z0zz" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := newPassword(bytes.NewReader(raw[1:])); err == nil {
		t.Error("a password was made of too little chance")
	}
}
