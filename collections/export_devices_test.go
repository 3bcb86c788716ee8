package collections

import "context"

// WriteDevices writes what waits, as every minute does.
func (e *Engine) WriteDevices(ctx context.Context) error { return e.writeDevices(ctx) }
