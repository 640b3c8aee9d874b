// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ExactTransfer} from "../../../contracts/libraries/ExactTransfer.sol";
import {ISubnetEpochs} from "../../../contracts/subnets/ISubnetEpochs.sol";
import {ISubnetHub} from "../../../contracts/subnets/ISubnetHub.sol";
import {ISubnets} from "../../../contracts/subnets/ISubnets.sol";
import {Yuma} from "../../../contracts/subnets/Yuma.sol";

/// @notice A subnet with fixed tables. Each epoch pays one unit, 2^32: half to validators, half to miners.
/// @dev Its twins leave out one defence each.
abstract contract SubnetTwin {
    uint64 private immutable _KAPPA;

    address[] private _validators;
    uint256[] private _stakes;
    address[] private _miners;
    uint256[] private _bonds;
    mapping(address validator => uint256[]) private _rows;
    mapping(address validator => uint256) private _updatedAt;

    uint256 public epoch = 1;
    mapping(address account => uint256) public earned;

    constructor(address[] memory validators, uint256[] memory stakes, address[] memory miners, uint64 kappa) {
        (_validators, _stakes, _miners, _KAPPA) = (validators, stakes, miners, kappa);
        _bonds = new uint256[](validators.length * miners.length);
    }

    function _setWeights(uint256[] calldata row) internal {
        (_rows[msg.sender], _updatedAt[msg.sender]) = (row, epoch);
    }

    function run() external {
        Yuma.Network memory network = _load();
        Yuma.Params memory params = Yuma.Params(_KAPPA, uint64(Yuma.ONE / 10), uint64(Yuma.ONE));
        Yuma.Result memory result = Yuma.epoch(network, params);
        _bonds = result.bonds;
        for (uint256 i; i < _validators.length; ++i)
            if (_isPaid(network.active[i])) earned[_validators[i]] += result.dividends[i] / 2;
        for (uint256 j; j < _miners.length; ++j) earned[_miners[j]] += result.incentives[j] / 2;
        ++epoch;
    }

    function _load() private view returns (Yuma.Network memory network) {
        (uint256 validators, uint256 miners) = (_validators.length, _miners.length);
        (network.stakes, network.bonds) = (_stakes, _bonds);
        (network.active, network.permits) = (new bool[](validators), new bool[](validators));
        (network.diagonal, network.updatedAt) = (new uint256[](validators), new uint256[](validators));
        (network.registeredAt, network.weights) = (new uint256[](miners), new uint256[](validators * miners));
        for (uint256 i; i < validators; ++i) {
            address validator = _validators[i];
            (network.active[i], network.permits[i]) = (_updatedAt[validator] == epoch, true);
            (network.diagonal[i], network.updatedAt[i]) = (_columnOf(validator), epoch);
            if (!network.active[i]) continue;
            for (uint256 j; j < miners; ++j) network.weights[i * miners + j] = _rows[validator][j];
        }
    }

    /// @dev Whether a validator is paid for its bonds.
    function _isPaid(bool isActive) internal view virtual returns (bool) {
        return isActive;
    }

    /// @dev Where a validator's weight does not count.
    function _columnOf(address validator) internal view virtual returns (uint256) {
        for (uint256 j; j < _miners.length; ++j) if (_miners[j] == validator) return j;
        return Yuma.NO_COLUMN;
    }
}

/// @notice Weights are public at once, without commitment. Those of one validator are enough to run an epoch.
contract OpenSubnet is SubnetTwin {
    constructor(
        address[] memory validators,
        uint256[] memory stakes,
        address[] memory miners,
        uint64 kappa
    ) SubnetTwin(validators, stakes, miners, kappa) {}

    function setWeights(uint256[] calldata row) external {
        _setWeights(row);
    }
}

/// @notice Validators are paid for old bonds in epochs without weights of them.
contract IdleSubnet is OpenSubnet {
    constructor(
        address[] memory validators,
        uint256[] memory stakes,
        address[] memory miners,
        uint64 kappa
    ) OpenSubnet(validators, stakes, miners, kappa) {}

    function _isPaid(bool) internal pure override returns (bool) {
        return true;
    }
}

/// @notice A validator's weight for its own account counts.
contract SelfishSubnet is OpenSubnet {
    constructor(
        address[] memory validators,
        uint256[] memory stakes,
        address[] memory miners,
        uint64 kappa
    ) OpenSubnet(validators, stakes, miners, kappa) {}

    function _columnOf(address) internal pure override returns (uint256) {
        return Yuma.NO_COLUMN;
    }
}

/// @notice Weights are committed and revealed in any order until the epoch is run.
contract PhaselessSubnet is SubnetTwin {
    mapping(address validator => bytes32) public commitmentOf;

    error Mismatch();

    constructor(
        address[] memory validators,
        uint256[] memory stakes,
        address[] memory miners,
        uint64 kappa
    ) SubnetTwin(validators, stakes, miners, kappa) {}

    function commit(bytes32 commitment) external {
        commitmentOf[msg.sender] = commitment;
    }

    function reveal(uint256[] calldata row, bytes32 salt) external {
        if (hashOf(msg.sender, row, salt) != commitmentOf[msg.sender]) revert Mismatch();
        _setWeights(row);
    }

    function hashOf(
        address validator,
        uint256[] calldata row,
        bytes32 salt
    ) public view virtual returns (bytes32) {
        return keccak256(abi.encode(validator, epoch, row, salt));
    }
}

/// @notice A commitment does not contain its sender.
contract SenderlessSubnet is PhaselessSubnet {
    constructor(
        address[] memory validators,
        uint256[] memory stakes,
        address[] memory miners,
        uint64 kappa
    ) PhaselessSubnet(validators, stakes, miners, kappa) {}

    function hashOf(address, uint256[] calldata row, bytes32 salt) public view override returns (bytes32) {
        return keccak256(abi.encode(epoch, row, salt));
    }
}

/// @notice Stake counts at once and comes back at once. A vote counts its sender's stake.
contract InstantStakes {
    IERC20 private immutable _COIN;

    mapping(address account => uint256) public stakeOf;
    mapping(address account => bool) public voted;
    uint256 public votes;

    error AlreadyVoted();

    constructor(IERC20 coin) {
        _COIN = coin;
    }

    function stake(uint256 amount) external {
        stakeOf[msg.sender] += amount;
        _COIN.transferFrom(msg.sender, address(this), amount);
    }

    function unstake(uint256 amount) external {
        stakeOf[msg.sender] -= amount;
        _COIN.transfer(msg.sender, amount);
    }

    function vote() external {
        if (voted[msg.sender]) revert AlreadyVoted();
        (voted[msg.sender], votes) = (true, votes + stakeOf[msg.sender]);
    }
}

/// @notice A validator's slot with a bond that grows by one in each epoch. More stake takes the slot, and unstakes at any time.
contract UnboundSlot {
    address public validator;
    uint256 public bond;
    mapping(address account => uint256) public stakeOf;

    error StakeNotAbove();

    function stake(uint256 amount) external {
        stakeOf[msg.sender] += amount;
    }

    function unstake(uint256 amount) external {
        stakeOf[msg.sender] -= amount;
    }

    function register() external {
        if (stakeOf[msg.sender] <= stakeOf[validator]) revert StakeNotAbove();
        (validator, bond) = (msg.sender, 0);
    }

    /// @notice Starts the next epoch.
    function advance() external {
        ++bond;
    }
}

/// @notice A table of miners without fee and without maximum of replacements. New miners are immune for one epoch.
contract UnlimitedMiners {
    struct Miner {
        address account;
        uint256 registeredAt;
        uint256 incentive;
    }

    uint256 private immutable _SIZE;

    Miner[] public miners;
    uint256 public epoch = 1;

    error AllImmune();

    constructor(uint256 size) {
        _SIZE = size;
    }

    /// @notice Starts the next epoch. The miner of slot 0 has an incentive.
    function advance() external {
        ++epoch;
        miners[0].incentive = 1;
    }

    function register() external {
        Miner memory miner = Miner(msg.sender, epoch, 0);
        if (miners.length < _SIZE) miners.push(miner);
        else miners[_weakest()] = miner;
    }

    function _weakest() private view returns (uint256 weakest) {
        weakest = _SIZE;
        for (uint256 i; i < _SIZE; ++i) {
            if (miners[i].registeredAt == epoch) continue;
            if (weakest == _SIZE || miners[i].incentive < miners[weakest].incentive) weakest = i;
        }
        if (weakest == _SIZE) revert AllImmune();
    }
}

/// @notice Owes pay to a slot rather than to an account.
contract SlotPot {
    IERC20 private immutable _TOKEN;

    address public account;
    uint256 public owed;

    constructor(IERC20 token) {
        _TOKEN = token;
    }

    function register() external {
        account = msg.sender;
    }

    function credit(uint256 amount) external {
        owed += amount;
    }

    function claim() external {
        uint256 amount = owed;
        owed = 0;
        _TOKEN.transfer(account, amount);
    }
}

/// @notice Pays all accounts in all tokens when it runs an epoch.
contract PushingSubnet {
    uint256 public lastEpoch;

    function run(IERC20[] calldata tokens, address[] calldata accounts) external {
        ++lastEpoch;
        for (uint256 t; t < tokens.length; ++t)
            for (uint256 i; i < accounts.length; ++i) tokens[t].transfer(accounts[i], 1);
    }
}

/// @notice Runs an epoch in two steps. Stake can change between them.
contract SteppedSubnet {
    uint256 public constant POT = 1_000;

    address[] private _stakers;
    uint256 private _total;
    mapping(address account => uint256) public stakeOf;
    mapping(address account => uint256) public earned;

    function stake(uint256 amount) external {
        if (stakeOf[msg.sender] == 0) _stakers.push(msg.sender);
        stakeOf[msg.sender] += amount;
    }

    function sum() external {
        _total = 0;
        for (uint256 i; i < _stakers.length; ++i) _total += stakeOf[_stakers[i]];
    }

    function pay() external {
        for (uint256 i; i < _stakers.length; ++i)
            earned[_stakers[i]] += (POT * stakeOf[_stakers[i]]) / _total;
    }
}

/// @notice Pots per token and payee. Its twins leave out one defence each.
abstract contract PotTwin {
    mapping(IERC20 token => mapping(address payee => uint256)) public potOf;

    function fund(IERC20 token, address payee, uint256 amount) external virtual {
        potOf[token][payee] += amount;
        ExactTransfer.collect(address(token), msg.sender, amount);
    }

    function _claim(IERC20 token, address payee) internal {
        uint256 amount = potOf[token][payee];
        potOf[token][payee] = 0;
        token.transfer(payee, amount);
    }
}

/// @notice Counts the sponsor's amount rather than what arrives.
contract TrustingPots is PotTwin {
    function fund(IERC20 token, address payee, uint256 amount) external override {
        potOf[token][payee] += amount;
        token.transferFrom(msg.sender, address(this), amount);
    }

    function claim(IERC20 token, address payee) external {
        _claim(token, payee);
    }
}

/// @notice Pays before it marks a pot as paid.
contract HastyPots is PotTwin {
    function claim(IERC20 token, address payee) external {
        token.transfer(payee, potOf[token][payee]);
        potOf[token][payee] = 0;
    }
}

/// @notice Pays all tokens or none.
contract BundledPots is PotTwin {
    function claim(IERC20[] calldata tokens, address payee) external {
        for (uint256 t; t < tokens.length; ++t) _claim(tokens[t], payee);
    }
}

/// @notice Moves money into the current epoch until the end of a phase, then into the next one.
abstract contract EagerMover {
    ISubnets.Phase private immutable _LAST;

    /// @param last the last phase in which the current epoch gets money
    constructor(ISubnets.Phase last) {
        _LAST = last;
    }

    function _receiving(ISubnetHub hub, uint32 subnetId) internal view returns (uint32) {
        (uint32 epoch, ISubnets.Phase phase, ) = hub.clockOf(subnetId);
        return phase > _LAST ? epoch + 1 : epoch;
    }
}

/// @notice A feed that funds an epoch whose commitments are known.
contract EagerFeed is EagerMover {
    constructor(ISubnets.Phase last) EagerMover(last) {}

    function pour(ISubnetHub hub, uint32 subnetId, IERC20 token) external {
        uint256 amount = token.balanceOf(address(this));
        token.approve(address(hub), amount);
        hub.fund(subnetId, address(token), uint128(amount), _receiving(hub, subnetId), 1);
    }
}

/// @notice Pots that roll over into an epoch whose commitments are known. The hub's records pay them.
contract EagerPots is EagerMover {
    mapping(uint32 epoch => uint256) public potOf;

    constructor(ISubnets.Phase last) EagerMover(last) {}

    function fund(uint32 epoch, uint256 amount) external {
        potOf[epoch] += amount;
    }

    function rollOver(ISubnetHub hub, uint32 subnetId, uint32 epoch) external {
        uint256 amount = potOf[epoch];
        potOf[epoch] = 0;
        potOf[_receiving(hub, subnetId)] += amount;
    }

    function earned(
        ISubnetHub hub,
        uint32 subnetId,
        uint32 epoch,
        address account
    ) external view returns (uint256 amount) {
        ISubnetEpochs.Share[] memory shares = hub.sharesOf(subnetId, epoch);
        for (uint256 i; i < shares.length; ++i)
            if (shares[i].account == account) amount += (potOf[epoch] * shares[i].share) >> 32;
    }
}
