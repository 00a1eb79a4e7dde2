const ORDERS = 'Backend/src/lambda_functions/orders.py';
const ALLOCATION = 'Backend/src/lambda_functions/allocation.py';
const FUNCTION = 'Backend/src/lambda_functions/allocate.py';
const FUNCTION_TEST = 'Backend/tests/UT_src/test_allocate.py';
const FIXTURES = 'Backend/tests/UT_src/conftest.py';
const PARAMETERS = 'Backend/env/env_src/LambdaParameters.json';

const FILL_RATE = `

def fill_rate(allocations):
    """The share of what was wanted that is allocated; 1 when nothing was wanted."""
    allocated = sum(allocation['allocated'] for allocation in allocations)
    wanted = allocated + sum(allocation['backordered'] for allocation in allocations)
    return allocated / wanted if wanted else 1
`;

/**
 * The pushes, in turn: what each changes, and how its run must end. `alias` is the version that the alias points to afterwards (1 is the
 * placeholder that the function is created with), `shares` the percentages of the traffic that the new version went through.
 */
export const PUSHES = [
  {
    title: 'first push: the first version is released',
    change: (repository) => repository.commit('feat: allocate stock to orders'),
    expected: { status: 'Succeeded', alias: '2', shares: [100], skipped: ['CreateLambdaFunction'] },
  },
  {
    title: 'a good change: the traffic shifts to it gradually',
    change: (repository) => {
      repository.append(ALLOCATION, FILL_RATE);
      repository.replace(FUNCTION, 'import allocate\n', 'import allocate, fill_rate\n');
      repository.replace(FUNCTION, "'stock': left}", "'stock': left, 'fillRate': fill_rate(allocations)}");
      repository.replace(FUNCTION_TEST, "'stock': {'tea': 0}}\n", "'stock': {'tea': 0}, 'fillRate': 2 / 3}\n");
      repository.commit('feat: answer the fill rate');
    },
    expected: { status: 'Succeeded', alias: '3', shares: [25, 50, 75, 100], skipped: ['CreateLambdaFunction'] },
  },
  {
    title: 'the same content again: nothing to deploy',
    change: (repository) => repository.commit('chore: run the pipeline again'),
    expected: { status: 'Succeeded', alias: '3', shares: [], summary: /nothing to deploy/ },
  },
  {
    title: 'a change that a unit test refuses: the build stops it',
    change: (repository) => {
      repository.replace(ALLOCATION, 'RANKS.index(order.rank), order.ordered_at', 'order.ordered_at');
      repository.commit('refactor: simplify the precedence');
    },
    expected: { status: 'Failed', alias: '3', shares: [], cause: /test_gold_comes_before_an_earlier_standard_order/ },
  },
  {
    title: 'a change that fails in production only: the alarm rolls it back',
    change: (repository) => {
      repository.revert('HEAD');
      repository.replace(ORDERS, '    partial: bool\n', '    partial: bool\n    unit_price: int\n');
      repository.replace(ORDERS, "line.get('partial', True))", "line.get('partial', True), line['unitPrice'])"); // no shop sends one
      repository.replace(FIXTURES, "'quantity': quantity, **line", "'quantity': quantity, 'unitPrice': 100, **line");
      repository.commit('feat: read the price of a line');
    },
    expected: {
      status: 'Failed',
      alias: '3',
      shares: [25, 0],
      cause: /LambdaErrorsAlarm.*All traffic of live goes to version 3/s,
    },
  },
  {
    title: 'the change taken back, and more memory: a run of its own shifts the traffic to the configuration',
    change: (repository) => {
      repository.revert('HEAD');
      repository.replace(PARAMETERS, '"MemorySize": 256', '"MemorySize": 512');
      repository.commit('perf: more memory');
    },
    expected: {
      status: 'Succeeded',
      alias: '5',
      earlier: [25, 50, 75, 100], // the run for the configuration; the push then finds nothing to deploy
      shares: [],
      summary: /nothing to deploy/,
      calls: ['lambda:UpdateFunctionConfiguration'],
    },
  },
];
