/** The one password of the demo's accounts. It opens demo tenants only, and only while the console runs its demo. */
export const DEMO_PASSWORD = 'countersign-demo';
