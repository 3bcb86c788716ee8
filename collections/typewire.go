package collections

import (
	"encoding/json"
)

// TypeWire is a published type as it travels.
type TypeWire struct {
	Name    string          `json:"name"`
	Version int             `json:"version"`
	Schema  json.RawMessage `json:"schema"`
	Grant   GrantWire       `json:"grant"` // so that a device can say no before it tries
}

// GrantWire is the part of a grant that a device uses.
type GrantWire struct {
	Create   bool     `json:"create"`
	ReadOnly []string `json:"readOnly,omitempty"`
}
