/** The mark of fieldstack. */
export function Mark () {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path class="mark-back" d="M12 3 22 8.5 12 14 2 8.5Z" /><path d="m2 12.5 10 5.5 10-5.5" /><path d="m2 16.5 10 5.5 10-5.5" />
    </svg>
  )
}
