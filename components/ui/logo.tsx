/** Gatewatch's mark: an eye under an arch. The same drawing as public/logo.svg. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M5 28V15a11 11 0 0 1 22 0v13M12 28v-7M20 28v-7"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.5"
        strokeLinecap="round"
      />
      <circle cx="16" cy="14" r="4" fill="currentColor" />
    </svg>
  );
}
